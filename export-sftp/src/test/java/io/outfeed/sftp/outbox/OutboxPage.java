package io.outfeed.sftp.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands and settings of {@code docs/guide/outbox.md}, so that a test runs what the page says. */
final class OutboxPage {

    private static final Path PAGE =
            Path.of("../docs/guide/outbox.md").toAbsolutePath().normalize();

    private OutboxPage() {}

    /** Returns a fenced block below a heading; the first has the number 1. */
    static String block(String heading, int number) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        boolean below = false;
        boolean within = false;
        for (String line : lines()) {
            if (line.startsWith("## ")) {
                below = line.equals("## " + heading);
            } else if (line.startsWith("```")) {
                if (within && below) {
                    blocks.add(block.toString());
                }
                block.setLength(0);
                within = !within;
            } else if (within) {
                block.append(line).append('\n');
            }
        }
        return blocks.get(number - 1);
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
