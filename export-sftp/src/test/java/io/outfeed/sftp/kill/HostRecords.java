package io.outfeed.sftp.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The records of a host in a file that one process replaces and others read, as a whole: the time up to which it is
 * complete, and each record's last version.
 */
final class HostRecords {

    private final Path file;

    HostRecords(Path file) {
        this.file = file;
    }

    /** The row contains the version, so that a repeated row is noticed. */
    record Row(int id, int version, Instant updatedAt) {

        /** Has many lengths, so that files take more than one packet. */
        String note() {
            return "abcdefghij".repeat((id * 31 + version * 17) % 150);
        }

        /** The row in the delivered file. */
        String line() {
            return id + "," + version + "," + note();
        }

        private String text() {
            return id + " " + version + " " + updatedAt;
        }

        private static Row parse(String text) {
            String[] words = text.split(" ", -1);
            return new Row(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Instant.parse(words[2]));
        }
    }

    void replace(Instant now, Collection<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(now.toString());
        rows.forEach(row -> lines.add(row.text()));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Row> read() throws IOException {
        return Files.readAllLines(file).stream().skip(1).map(Row::parse).toList();
    }

    /** Returns the time in the file: the writer of the records advances it. */
    Clock clock() {
        return new FileClock(file);
    }

    private static final class FileClock extends Clock {

        private final Path file;

        private FileClock(Path file) {
            this.file = file;
        }

        @Override
        public Instant instant() {
            try (BufferedReader reader = Files.newBufferedReader(file)) {
                return Instant.parse(reader.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
