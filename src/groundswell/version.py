"""The version of this program, written here and nowhere else: packaging, the command line and manifests read it."""

__version__ = "0.1.0"
