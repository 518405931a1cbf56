"""Files as the programs and people write them that surveys come from, made from one small survey with known answers."""
