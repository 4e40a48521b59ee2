//! YAML as go.yaml.in/yaml/v2 v2.4.4 reads it: text to a tree whose nodes know their bytes.
