"""From sums to estimates with their variance: linearised or by replicates, design effects, intervals."""
