package io.outfeed.benchmarks;

import io.outfeed.store.ExportStore;
import io.outfeed.testing.InMemoryStore;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What each call of the store costs more since it can be recorded by the JDK's flight recorder, while nothing is
 * recorded: a call through the wrapper of the engine against the same call of the store in memory.
 */
public final class StoreCallBenchmark {

    private static final int WARM_UPS = 3;
    private static final int CALLS = 5_000_000;

    /** Keeps the compiler from leaving out the calls. */
    private static volatile long sink;

    private StoreCallBenchmark() {}

    /** Of the arguments: the number of rounds. */
    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        ExportStore direct = new InMemoryStore();
        ExportStore recorded = recorded(direct);
        List<Double> directly = new ArrayList<>();
        List<Double> more = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            double without = nanosPerCall(direct);
            double with = nanosPerCall(recorded);
            if (round >= 0) {
                directly.add(without);
                more.add(with - without);
            }
        }
        if (sink != 0) {
            throw new IllegalStateException("a job without runs has one");
        }
        System.out.printf(
                Locale.ROOT,
                "a call of the store in memory takes %.0f ns, and %.0f ns more (%.0f to %.0f) where it could be"
                        + " recorded: medians of %d interleaved rounds of %,d calls%n",
                CsvBenchmark.median(directly),
                CsvBenchmark.median(more),
                more.stream().mapToDouble(each -> each).min().orElseThrow(),
                more.stream().mapToDouble(each -> each).max().orElseThrow(),
                rounds,
                CALLS);
    }

    /** As the engine wraps its store. */
    private static ExportStore recorded(ExportStore store) throws ReflectiveOperationException {
        Method wrap =
                Class.forName("io.outfeed.internal.engine.RecordedStore").getDeclaredMethod("of", ExportStore.class);
        wrap.setAccessible(true);
        return (ExportStore) wrap.invoke(null, store);
    }

    private static double nanosPerCall(ExportStore store) {
        long begin = System.nanoTime();
        long sum = 0;
        for (int i = 0; i < CALLS; i++) {
            sum += store.positions("contacts").run();
        }
        sink = sum;
        return (System.nanoTime() - begin) / (double) CALLS;
    }
}
