package io.outfeed.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

    @TempDir
    private Path directory;

    private List<Path> begin(OpenFiles open, int count) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path file = directory.resolve("f" + i);
            open.create(file);
            files.add(file);
        }
        return files;
    }

    @Test
    void should_close_the_file_that_was_written_to_longest_ago() throws IOException {
        try (OpenFiles open = new OpenFiles()) {
            List<Path> files = begin(open, OpenFiles.MAX_OPEN);
            var first = open.append(files.get(0));
            var second = open.append(files.get(1));
            for (Path file : files) {
                if (!file.equals(files.get(1))) {
                    open.append(file).write(1);
                }
            }

            open.create(directory.resolve("more"));

            assertThat(open.append(files.get(0))).isSameAs(first);
            assertThatThrownBy(() -> second.getChannel().size()).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void should_append_to_a_file_that_was_closed() throws IOException {
        try (OpenFiles open = new OpenFiles()) {
            Path file = begin(open, 1).get(0);
            open.append(file).write(new byte[] {1, 2});
            open.close(file);

            open.append(file).write(3);

            assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void should_start_without_the_old_content() throws IOException {
        Files.write(directory.resolve("f0"), new byte[] {7});
        try (OpenFiles open = new OpenFiles()) {
            assertThat(begin(open, 1).get(0)).isEmptyFile();
            assertThat(open.created()).isEqualTo(1);
        }
    }

    @Test
    void should_close_all_in_the_end() throws IOException {
        OpenFiles open = new OpenFiles();
        List<Path> files = begin(open, 3);
        var last = open.append(files.get(2));

        open.close();

        assertThatThrownBy(() -> last.getChannel().size()).isInstanceOf(ClosedChannelException.class);
    }
}
