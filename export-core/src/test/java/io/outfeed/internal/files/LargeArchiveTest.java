package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.file.PlainCopies;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.internal.transform.CompressorThreads;
import io.outfeed.internal.transform.TransformChain;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive with a large entry. Beyond 4 GiB, in a minute: {@code -Doutfeed.archive.bytes=5000000000}. */
class LargeArchiveTest {

    private static final long BYTES = Long.getLong("outfeed.archive.bytes", 50_000_000);

    @Test
    void should_have_the_sizes_of_large_entries(@TempDir Path directory) throws Exception {
        SpoolDirectory spool = new SpoolDirectory(directory);
        ExportRun run =
                RunBuilder.planned(1, "job", Trigger.MANUAL, Instant.EPOCH).build();
        StagedFile large = new StagedFile("visits", "", "large.csv", 3, BYTES, "");
        StagedFile small = new StagedFile("visits", "a", "small.csv", 4, 2, "");
        Files.createDirectories(directory.resolve("1/a"));
        try (RandomAccessFile holes = new RandomAccessFile(spool.path(1, large).toFile(), "rw")) {
            holes.setLength(BYTES);
        }
        Files.writeString(spool.path(1, small), "ok");

        Transforms none = new Transforms(
                new TransformChain(List.of()), PlainCopies.NONE, Instant.EPOCH, new CompressorThreads(0));
        StagedFile archive = new Archive(spool, none).stage(run, List.of(large, small), "all.zip");

        assertThat(archive.rows()).isEqualTo(7);
        assertThat(spool.path(1, archive)).hasSize(archive.bytes());
        try (ZipFile zip = new ZipFile(spool.path(1, archive).toFile())) {
            assertThat(zip.getEntry("large.csv").getSize()).isEqualTo(BYTES);
            assertThat(zip.getInputStream(zip.getEntry("a/small.csv")).readAllBytes())
                    .isEqualTo(new byte[] {'o', 'k'});
        }
    }
}
