"""Saves experiments with dvc.api.exp_save, one after the other, and prints how long each one took, in nanoseconds.

Arguments: the repository, how many to warm up with, how many to time.
"""

import os
import sys
import time

import dvc.api


def save(number):
    # what differs from one experiment to the next, as another writer of experiments would leave it
    with open("params.yaml", "w", encoding="utf-8") as file:
        file.write(f"lr: {number / 1000}\n")
    begun = time.perf_counter_ns()
    dvc.api.exp_save(name=f"dvc-{number}")
    return time.perf_counter_ns() - begun


os.chdir(sys.argv[1])
warm_up, count = int(sys.argv[2]), int(sys.argv[3])
for number in range(warm_up):
    save(number)
for number in range(warm_up, warm_up + count):
    print("nanos", save(number))
