package dev.daybook.benchmarks;

/** One metric in a few numbers, whoever has folded it. */
record MetricFold(long count, long lastStep, double last, double min, double max, double mean) {}
