package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.event.RunEvent;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A week of a host: it is deployed each day at noon and edited in the middle of the week, records are written each
 * hour, and one of two destinations is away twice, for about twelve hours and for about a day.
 */
class SimulatedWeekTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ListSource<Visit> source = Visit.source();
    private final List<String> written = new ArrayList<>();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob job(String schedule, String version) {
        return ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                .version(version)
                                .build())
                .schedule(
                        schedule.equals("daily")
                                ? Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC)
                                : Schedule.every(Duration.parse(schedule), START))
                .deliverTo(lakeside, riverside)
                .build();
    }

    private void write(int hour) {
        written.add(hour + ",at " + hour);
        source.put(new Visit(hour, "at " + hour, sandbox.clock().instant()));
    }

    /** Lets as many attempts fail as come in that time, more or less. */
    private void away(InMemoryDelivery delivery, Operation operation, int attempts) {
        for (int i = 0; i < attempts; i++) {
            delivery.failNext(operation, Failure.REFUSED);
        }
    }

    private static List<String> rows(InMemoryDelivery delivery) {
        return delivery.arrivals().stream()
                .map(DeliveredFile::lines)
                .flatMap(lines -> lines.stream().skip(1))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        // schedule, runs without an outage, fewest runs, most runs
        "daily, 7, 6, 7",
        "PT1H, 168, 120, 140",
        "PT5M, 2016, 1450, 1700",
    })
    void should_deliver_each_row_once_and_make_attempts_of_outages(
            String schedule, int undisturbed, int fewest, int most) {
        sandbox.add(job(schedule, "1"));
        for (int hour = 0; hour < 7 * 24; hour++) {
            write(hour);
            switch (hour) {
                case 24 + 6 -> away(riverside, Operation.OPEN, 17); // before a fire time, about twelve hours
                case 4 * 24 + 6 -> away(riverside, Operation.PUBLISH, 30); // when lakeside has its files, about a day
                default -> {}
            }
            if (hour % 24 == 12) {
                sandbox.restart();
            }
            if (hour == 24 + 9) {
                sandbox.add(job(schedule, "2"));
            }
            sandbox.advance(Duration.ofHours(1));
        }
        sandbox.advance(Duration.ofHours(30)); // what was written last

        List<ExportRun> runs = sandbox.engine()
                .runs(RunQuery.ofJob("visits").limit(Integer.MAX_VALUE).startedBefore(START.plus(Duration.ofDays(7))))
                .runs();
        int attempts = runs.stream().mapToInt(ExportRun::attemptCount).sum();
        long fires = runs.stream()
                .mapToLong(run -> run.coveredFires().orElseThrow().count())
                .sum();
        System.out.printf(
                "a week, %s: %d runs for %d fire times, %d attempts, %d files, %d rows at each destination%n",
                schedule,
                runs.size(),
                fires,
                attempts,
                lakeside.arrivals().size(),
                rows(lakeside).size());

        assertThat(rows(lakeside)).containsExactlyInAnyOrderElementsOf(written);
        assertThat(rows(riverside)).containsExactlyInAnyOrderElementsOf(written);
        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .doesNotHaveDuplicates()
                .containsExactlyElementsOf(
                        riverside.arrivals().stream().map(DeliveredFile::path).toList());
        assertThat(runs).extracting(ExportRun::status).containsOnly(RunStatus.COMMITTED);
        assertThat(runs).hasSizeBetween(fewest, most);
        assertThat(fires).as("each fire time is accounted for").isBetween(undisturbed - 1L, undisturbed + 1L);
        assertThat(attempts - runs.size()).as("attempts of two outages").isBetween(40, 47);
        assertThat(sandbox.events(RunEvent.class))
                .filteredOn(RunEvent::alarm)
                .as("an alarm for each outage")
                .hasSize(2);
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(riverside.temporaryNames()).isEmpty();
        assertThat(sandbox.store().unfinishedRuns("visits")).isEmpty();
    }
}
