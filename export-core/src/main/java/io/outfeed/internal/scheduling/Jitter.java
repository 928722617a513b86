package io.outfeed.internal.scheduling;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.ExportJob;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32;

/** Delays the fires of a job: always by the same time for a job's name, on each machine and at each start. */
final class Jitter {

    private Jitter() {}

    static Instant delayed(ExportJob job, Instant fire) {
        return fire.isAfter(Instant.MAX.minus(job.schedulePolicy().jitter())) ? fire : fire.plus(delay(job));
    }

    /** Returns a delay from zero to the job's jitter, exclusive, in whole milliseconds. */
    private static Duration delay(ExportJob job) {
        CRC32 hash = new CRC32();
        hash.update(job.name().getBytes(UTF_8));
        return Duration.ofMillis(
                (job.schedulePolicy().jitter().toMillis() * hash.getValue()) >>> 32); // a day has 27 bits
    }
}
