package io.outfeed.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.testing.DeliveredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A file in a ZIP archive that was delivered. */
public final class ArchiveEntry {

    private final String path;
    private final byte[] content;

    private ArchiveEntry(String path, byte[] content) {
        this.path = path;
        this.content = content;
    }

    /** The files in an archive, in order; each must have the time that archives have in place of the real one. */
    public static List<ArchiveEntry> allOf(DeliveredFile archive) {
        List<ArchiveEntry> entries = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.bytes()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getTimeLocal()).isEqualTo(LocalDateTime.of(1980, 1, 1, 0, 0));
                entries.add(new ArchiveEntry(entry.getName(), zip.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    /** A file that was delivered without an archive. */
    public static ArchiveEntry unarchived(DeliveredFile file) {
        return new ArchiveEntry(file.path(), file.bytes());
    }

    public String path() {
        return path;
    }

    public byte[] bytes() {
        return content.clone();
    }

    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    public List<String> lines() {
        return text().lines().toList();
    }
}
