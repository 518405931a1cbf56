# Shares of two items by region, one wave at a time, with svyby; prints the seconds of each wave.
#
#   Rscript svyby.R wave-1.csv wave-2.csv ...
suppressMessages(library(survey))
for (file in commandArgs(trailingOnly = TRUE)) {
  d <- read.csv(file)
  took <- system.time({
    design <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = d)
    for (item in c("anxious", "planning")) {
      m <- svyby(as.formula(paste("~", item)), ~region, design, svyciprop, vartype = c("se", "ci"), na.rm = TRUE)
    }
  })
  cat(took[["elapsed"]], sum(took[1:2]), "\n")
}
