package io.outfeed.sftp.outbox;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.watermark.Watermark;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The host's process: it runs as its own user, and does what {@link HostProcess} sends, line by line. */
final class OutboxHost {

    static final String JOB = "interactions-lakeside";

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    record Interaction(String id, String year) {}

    private OutboxHost() {}

    /**
     * Delivers.
     *
     * @param arguments the outbox, the options as {@link HostOptions#arguments} has them
     */
    public static void main(String[] arguments) throws IOException {
        HostOptions options = HostOptions.of(List.of(arguments).subList(1, arguments.length));
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (ExportSandbox sandbox = ExportSandbox.startingAt(SEVEN);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            JobHandle job = sandbox.add(job(Path.of(arguments[0]), options));
            String command;
            while ((command = commands.readLine()) != null) {
                String[] words = command.split(" ", -1);
                answers.println(HostProcess.ANSWER
                        + switch (words[0]) {
                            case "check" -> check(job);
                            case "run" -> run(sandbox, job);
                            case "advance" -> advance(sandbox, Duration.parse(words[1]));
                            case "file" -> file(newest(sandbox).deliveries().get(0));
                            default -> throw new IllegalArgumentException(command);
                        });
            }
        }
    }

    private static String check(JobHandle job) {
        return job.check().problems().stream()
                .map(finding -> finding.problem().orElseThrow().code().name())
                .findFirst()
                .orElse("OK");
    }

    private static String run(ExportSandbox sandbox, JobHandle job) {
        try {
            return outcome(job.runNow());
        } catch (DeliveryException e) {
            return outcome(newest(sandbox));
        }
    }

    private static String outcome(ExportRun run) {
        return run.status() + run.failure().map(failure -> " " + failure.code()).orElse("");
    }

    private static String advance(ExportSandbox sandbox, Duration duration) {
        sandbox.advance(duration);
        return "OK";
    }

    private static String file(FileDelivery step) {
        return step.watch().map(watch -> watch.state().name()).orElse("NOT_WATCHED")
                + step.removal().map(removal -> " " + removal.outcome()).orElse("");
    }

    private static ExportRun newest(ExportSandbox sandbox) {
        return sandbox.engine().runs(RunQuery.ofJob(JOB)).runs().get(0);
    }

    private static ExportJob job(Path outbox, HostOptions options) {
        ExportDefinition.Builder<Interaction> definition = ExportDefinition.builder("interactions", Interaction.class)
                .source(RecordSource.ofCollection(window -> List.of(new Interaction("i-1", "2026"))))
                .recordKey(Interaction::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("interaction_id", Interaction::id))
                .file(f -> f.name(options.fileName()).ifExists(IfExists.valueOf(options.ifExists())));
        if (options.folders()) {
            definition.folderPer(Interaction::year);
        }
        ExportJob.Builder job = ExportJob.builder(JOB, definition.build()).deliverTo(delivery(outbox, options));
        if (options.watched()) {
            job.watch(DeliveredFileWatch.everyTenMinutes()
                            .recopies(options.recopies())
                            .takenInto("done"))
                    .retention(Duration.ofDays(90));
        }
        return job.build();
    }

    private static Delivery delivery(Path outbox, HostOptions options) {
        DirectoryDelivery.Builder delivery = DirectoryDelivery.builder("lakeside", outbox);
        if (!options.permissions().isEmpty()) {
            delivery.permissions(options.permissions());
        }
        return delivery.build();
    }
}
