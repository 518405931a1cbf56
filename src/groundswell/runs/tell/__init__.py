"""Who is told: alerts go to the audience and failures to the maintainer, each once."""
