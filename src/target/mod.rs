//! From discovered labels to a scrape target: defaults, relabeling, checks, URL.
