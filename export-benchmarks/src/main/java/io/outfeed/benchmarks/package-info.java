/** Comparisons with what people use otherwise, by the clock. Begin with {@link io.outfeed.benchmarks.SftpBenchmark}. */
@NullMarked
package io.outfeed.benchmarks;

import org.jspecify.annotations.NullMarked;
