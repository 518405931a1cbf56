"""Reports made by the workers of a Dask cluster, and published by the process that asked for them."""
