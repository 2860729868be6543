"""One module per Python tracker, all with the same functions.

open(folder)        begins a run whose data lies below the folder
log(step, values)   logs a dict of metric values at a step
close()             ends the run
count(folder)       the scalars below the folder that the tracker's own reader finds
repair(folder)      what a user can call to find more after a kill; few have it
"""
