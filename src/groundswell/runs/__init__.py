"""Floor 5: making it happen. From a survey's name and parameters to a published, dated report.

In order, each module importing only from earlier ones: iri, kernelapp, kernels, engine, parameters, staging,
manifest, plan, progress, cells, run, batch, listing. Import each from its module: this list stays empty so
that the kernel's own process, which starts here, loads nothing that it does not need.
"""
