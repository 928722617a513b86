package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.run.ExportRun;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A file store in a directory of its own. */
abstract class FileStoreFixture {

    @TempDir
    Path temporary;

    Path directory;
    FileStore store;

    @BeforeEach
    void openStore() {
        directory = temporary.resolve("store");
        store = FileStore.open(directory);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    void reopen() {
        store.close();
        store = FileStore.open(directory);
    }

    JobLock lock(String job) {
        return store.tryLock(job).orElseThrow();
    }

    /** Saves a run as the engine does. Returns it as it is stored. */
    ExportRun save(JobLock lock, ExportRun run) {
        RunStep step =
                store.run(run.number()).map(before -> RunStep.next(before, run)).orElseGet(() -> RunStep.whole(run));
        assertThat(store.append(lock, step)).isTrue();
        return step.run();
    }
}
