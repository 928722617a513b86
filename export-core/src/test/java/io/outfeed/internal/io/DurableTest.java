package io.outfeed.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {

    @TempDir
    private Path directory;

    @Test
    void should_write_and_replace_a_file_and_leave_no_other_file() throws Exception {
        Path file = directory.resolve("counters");

        Durable.write(file, new byte[] {1});
        Durable.write(file, new byte[] {2, 3});

        assertThat(file).hasBinaryContent(new byte[] {2, 3});
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void should_write_over_what_a_crash_has_left() throws Exception {
        Path file = directory.resolve("counters");
        Files.write(directory.resolve("counters.tmp"), new byte[] {9, 9, 9, 9});

        Durable.write(file, new byte[] {1});

        assertThat(file).hasBinaryContent(new byte[] {1});
    }

    @Test
    void should_write_in_an_interrupted_thread_and_keep_the_interrupt() throws Exception {
        Path file = directory.resolve("a/b/counters");

        Thread.currentThread().interrupt();
        Durable.createDirectories(Durable.directoryOf(file));
        Durable.write(file, new byte[] {1});
        Durable.delete(directory.resolve("not-there"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasBinaryContent(new byte[] {1});
    }

    @Test
    void should_rename_over_an_old_file() throws Exception {
        Path from = Files.writeString(directory.resolve("from"), "new");
        Path to = Files.writeString(directory.resolve("to"), "old");

        Durable.rename(from, to);

        assertThat(to).hasContent("new");
        assertThat(from).doesNotExist();
        assertThatThrownBy(() -> Durable.rename(from, to)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void should_delete_what_is_there() throws Exception {
        Path file = Files.writeString(directory.resolve("a"), "x");

        Durable.delete(file);
        Durable.delete(file);

        assertThat(file).doesNotExist();
    }

    @Test
    void should_make_directories_once() throws Exception {
        Path deep = directory.resolve("a/b/c");

        Durable.createDirectories(deep);
        Durable.createDirectories(deep);

        assertThat(deep).isDirectory();
    }

    @Test
    void should_delete_a_tree_but_not_what_links_point_to() throws Exception {
        Path kept = Files.writeString(
                Files.createDirectory(directory.resolve("kept")).resolve("file"), "x");
        Path tree = directory.resolve("tree");
        Durable.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "x");
        Files.createSymbolicLink(tree.resolve("link"), directory.resolve("kept"));

        Durable.deleteTree(tree);
        Durable.deleteTree(tree);

        assertThat(tree).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void should_write_whenever_it_is_interrupted() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger writes = new AtomicInteger();
        Thread writing = new Thread(() -> {
            for (int i = 0; i < 300 && failure.get() == null; i++) {
                writes.set(i);
                try {
                    Durable.write(directory.resolve("file"), new byte[] {(byte) i});
                } catch (IOException e) {
                    failure.set(e);
                }
            }
        });
        writing.start();
        for (int seen = -1; writing.isAlive(); ) {
            if (seen != writes.get()) { // once in each write, at any time
                seen = writes.get();
                writing.interrupt();
            }
        }

        assertThat(failure).hasNullValue();
        assertThat(directory.resolve("file")).hasBinaryContent(new byte[] {(byte) 299});
    }
}
