"""The record as the database keeps it: what refuses a change, the chain of hashes, its proof and its signed files."""
