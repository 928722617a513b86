package io.outfeed.examples;

import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldPreview;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RecordPreview;
import io.outfeed.run.ExportRun;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the demonstration shows, as plain text. */
final class Report {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter SHORT_TIME = DateTimeFormatter.ofPattern("MMM d HH:mm:ss", Locale.ENGLISH);
    private static final int LONGEST_LINE = 110;

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private int chapter;

    void chapter(String title) {
        chapter++;
        out.println();
        out.println(chapter + "  " + title);
        out.println();
    }

    void line(String text) {
        out.println("   " + text);
    }

    void emptyLine() {
        out.println();
    }

    /** Breaks a long text between words. */
    void paragraph(String text) {
        line(text.replaceAll("(.{1," + LONGEST_LINE + "})( +|$)", "$1\n   ").strip());
    }

    void table(TextTable table) {
        table.lines().forEach(this::line);
    }

    void nextFire(JobHandle job, ZoneId zone) {
        Instant fire = job.nextFire().orElseThrow();
        line("next fire: " + TIME.format(fire.atZone(zone)) + " in " + zone + ", which is "
                + TIME.format(fire.atOffset(ZoneOffset.UTC)) + " GMT");
    }

    void run(ExportRun run) {
        line(String.format(
                Locale.ROOT,
                "run %d: %s, %s: %s, %s, %s",
                run.number(),
                run.trigger(),
                run.status(),
                count(run.rows(), "row"),
                count(run.bytes(), "byte"),
                count(run.files().size(), "file")));
    }

    void jobs(List<JobSummary> jobs) {
        TextTable table = TextTable.of("job", "frequency", "next (GMT)", "status", "last run");
        for (JobSummary job : jobs) {
            table.row(
                    job.job().name(),
                    job.frequency().map(Object::toString).orElse("when asked"),
                    job.nextFire().map(Object::toString).orElse("none"),
                    job.status().label(),
                    job.lastOutcome().map(ExportRun::toString).orElse("none"));
        }
        table(table);
    }

    void runs(List<ExportRun> runs) {
        TextTable table = TextTable.of("run", "job", "trigger", "window (GMT)", "rows", "bytes", "files", "status", "");
        for (ExportRun run : runs) {
            table.row(
                    run.number(),
                    run.job(),
                    run.trigger(),
                    run.windows().values().stream()
                            .findFirst()
                            .map(Report::text)
                            .orElse("none"),
                    run.rows(),
                    run.bytes(),
                    run.files().size(),
                    run.status().label(),
                    run.status());
        }
        table(table);
    }

    /** The files below a directory of the SFTP server. */
    void directory(String name, Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            TextTable table = TextTable.of("at the SFTP server", "bytes");
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                table.row(name + "/" + directory.relativize(file), Files.size(file));
            }
            table(table);
        }
    }

    void firstLines(Path file, int count) throws IOException {
        line("the first lines of " + file.getFileName() + ":");
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            lines.limit(count).map(Report::shortened).forEach(text -> line("  " + text));
        }
    }

    /** A column for each record; what can't be mapped is explained below. */
    void previews(List<RecordPreview> previews) {
        List<String> headers = new ArrayList<>(List.of("field", "kind"));
        previews.forEach(preview -> headers.add(preview.key()));
        TextTable table = TextTable.of(headers.toArray(String[]::new));
        List<String> problems = new ArrayList<>();
        List<FieldPreview> fields = previews.get(0).fields();
        for (int i = 0; i < fields.size(); i++) {
            List<Object> cells =
                    new ArrayList<>(List.of(fields.get(i).name(), fields.get(i).kind()));
            for (RecordPreview preview : previews) {
                cells.add(value(preview.fields().get(i), problems));
            }
            table.row(cells.toArray());
        }
        List<Object> filter = new ArrayList<>(List.of("(filter)", ""));
        previews.forEach(preview -> filter.add(preview.passesFilter() ? "exported" : "left out"));
        table(table.row(filter.toArray()));
        problems.forEach(this::paragraph);
    }

    void mails(List<DemoMail> mails) {
        TextTable table = TextTable.of("mail to", "recipients", "subject", "attachment", "bytes");
        mails.forEach(mail -> table.row(mail.to(), mail.recipients(), mail.subject(), mail.attachment(), mail.bytes()));
        table(table);
    }

    void notices(List<DemoNotice> notices) {
        TextTable table = TextTable.of("mail to", "subject", "link");
        notices.forEach(notice -> table.row(notice.to(), notice.subject(), String.join(" ", notice.links())));
        table(table);
    }

    private static String value(FieldPreview field, List<String> problems) {
        if (field.problem().isEmpty()) {
            return field.text().orElse("");
        }
        if (field.kind() == FieldKind.NOT_MAPPED) {
            return "-";
        }
        problems.add("(" + (problems.size() + 1) + ") " + field.problem().get());
        return "problem (" + problems.size() + ")";
    }

    private static String count(long count, String what) {
        return count == 0
                ? "no " + what + "s"
                : String.format(Locale.ROOT, count == 1 ? "%,d %s" : "%,d %ss", count, what);
    }

    private static String text(Window window) {
        return time(window.from()) + " to " + time(window.until());
    }

    private static String time(Position position) {
        Instant instant = position.toInstant();
        return instant.isBefore(Instant.EPOCH) ? "the beginning" : SHORT_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    private static String shortened(String line) {
        return line.codePointCount(0, line.length()) <= LONGEST_LINE
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_LINE - 1)) + "…";
    }
}
