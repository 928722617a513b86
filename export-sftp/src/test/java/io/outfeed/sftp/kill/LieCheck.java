package io.outfeed.sftp.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.sftp.kill.SftpLies.Lie;
import io.outfeed.sftp.kill.SftpLies.Told;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Compares the receipts that are not certain, and refused requests, with the lies that were told. */
final class LieCheck {

    private final List<ExportRun> committed;
    private final Destination liar;
    private final List<Told> told;

    LieCheck(List<ExportRun> committed, Destination liar, List<Told> told) {
        this.committed = committed;
        this.liar = liar;
        this.told = told;
    }

    /**
     * Each run has a file of its own name, so that the lies about it are those about its name: each time that a file
     * has vanished, one of them has hidden that it was taken.
     */
    void check() {
        for (ExportRun run : committed) {
            assertThat(receipts(run).filter(step -> step.assumed() || isRepeated(step)))
                    .as("%s: a file vanishes only at the destination that lies", run)
                    .extracting(FileDelivery::delivery)
                    .isSubsetOf(liar.id());
            assertThat(count(run, FileDelivery::assumed) + count(run, LieCheck::isRepeated))
                    .as("%s: times that its file has vanished, by these lies: %s", run, lies(run))
                    .isLessThanOrEqualTo(
                            lies(run).stream().filter(Told::hidesTaking).count());
            assertThat(run.unconfirmed()).as("%s is unconfirmed", run).isEqualTo(count(run, FileDelivery::assumed) > 0);
            checkRefusals(run);
        }
    }

    private void checkRefusals(ExportRun run) {
        if (run.attempts().stream()
                .flatMap(attempt -> attempt.failure().stream())
                .anyMatch(failure -> failure.code() == FailureCode.DESTINATION_REFUSED)) {
            assertThat(lies(run)).as("lies about %s", run).extracting(Told::lie).contains(Lie.NOT_DONE_OK);
        }
    }

    private List<Told> lies(ExportRun run) {
        String file = run.files().get(0).path();
        return told.stream().filter(lie -> lie.file().equals(file)).toList();
    }

    private static boolean isRepeated(FileDelivery step) {
        return step.receipt().orElseThrow().repeated();
    }

    private static Stream<FileDelivery> receipts(ExportRun run) {
        return run.deliveries().stream().filter(step -> step.receipt().isPresent());
    }

    /** How often the file of a run must have arrived. */
    int arrivals(ExportRun run, Destination destination) {
        return receipts(run).anyMatch(step -> step.delivery().equals(destination.id()) && isRepeated(step)) ? 2 : 1;
    }

    int liesThatFailAttempts() {
        return (int) told.stream().filter(lie -> lie.lie().failsAttempt()).count();
    }

    /** What became of the files, and what was told. */
    @Override
    public String toString() {
        Map<Lie, Integer> lies = new EnumMap<>(Lie.class);
        told.forEach(lie -> lies.merge(lie.lie(), 1, Integer::sum));
        return "%d files recognized, %d assumed, %d sent again; lies: %s"
                .formatted(
                        count(step -> step.receipt().orElseThrow().publication() == Publication.INFERRED),
                        count(FileDelivery::assumed),
                        count(LieCheck::isRepeated),
                        lies);
    }

    private long count(Predicate<FileDelivery> which) {
        return committed.stream().mapToLong(run -> count(run, which)).sum();
    }

    private static long count(ExportRun run, Predicate<FileDelivery> which) {
        return receipts(run).filter(which).count();
    }
}
