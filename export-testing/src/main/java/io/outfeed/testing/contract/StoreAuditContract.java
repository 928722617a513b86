package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditEntry.Outcome;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.operation.History;
import io.outfeed.store.JobLock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept of the audit. */
abstract class StoreAuditContract extends StoreFixture {

    private static final Instant TEN = Instant.parse("2026-03-01T10:00:00.123456Z");

    private static final AuditEntry ASKED = new AuditEntry(
            "a1", TEN, STRANGE, "redeliver", Optional.of("daily"), STRANGE, STRANGE, Outcome.REQUESTED, "");

    @Test
    void should_have_no_line_at_first() {
        assertThat(store.audit(AuditQuery.all())).isEmpty();
    }

    @Test
    void should_keep_all_of_each_line() throws Exception {
        AuditEntry done = ASKED.ended(TEN.plusSeconds(1), Outcome.FAILED, STRANGE);
        AuditEntry other = new AuditEntry("a2", TEN, "", "acknowledge", Optional.empty(), "", "", Outcome.DENIED, "");

        List.of(ASKED, done, other).forEach(store::appendAudit);

        assertThat(store.audit(AuditQuery.all())).extracting(AuditRecord::entry).containsExactly(other, done, ASKED);
        restart();
        assertThat(store.audit(AuditQuery.all())).extracting(AuditRecord::entry).containsExactly(other, done, ASKED);
        store.appendAudit(of("daily", "a3"));
        assertThat(store.audit(AuditQuery.all()))
                .extracting(AuditRecord::entry)
                .containsExactly(of("daily", "a3"), other, done, ASKED);
    }

    @Test
    void should_list_page_by_page_and_by_job() {
        IntStream.range(0, 7).forEach(i -> store.appendAudit(of(i % 2 == 0 ? "even" : "odd", "r" + i)));

        List<AuditRecord> first = store.audit(AuditQuery.all().limit(3));
        List<AuditRecord> second =
                store.audit(AuditQuery.all().limit(3).below(first.get(2).number()));

        assertThat(first).extracting(record -> record.entry().id()).containsExactly("r6", "r5", "r4");
        assertThat(second).extracting(record -> record.entry().id()).containsExactly("r3", "r2", "r1");
        assertThat(store.audit(AuditQuery.all().job("odd").limit(2)))
                .extracting(record -> record.entry().id())
                .containsExactly("r5", "r3");
        assertThat(store.audit(AuditQuery.all().job("Odd"))).isEmpty();
    }

    @Test
    void should_keep_lines_of_a_job_that_is_purged_or_renamed() {
        JobLock lock = store.tryLock("daily").orElseThrow();
        store.appendAudit(ASKED);

        store.removeJob(lock, History.PURGE, run -> {});

        assertThat(store.audit(AuditQuery.all().job("daily")))
                .extracting(AuditRecord::entry)
                .containsExactly(ASKED);
    }

    @Test
    void should_give_each_line_a_number_of_its_own() throws Exception {
        List<Callable<String>> appends = IntStream.range(0, 8)
                .<Callable<String>>mapToObj(i -> () -> {
                    store.appendAudit(of("daily", "r" + i));
                    return "r" + i;
                })
                .toList();

        List<String> appended = AtOnce.run(appends);

        List<AuditRecord> kept = store.audit(AuditQuery.all());
        assertThat(kept).extracting(record -> record.entry().id()).containsExactlyInAnyOrderElementsOf(appended);
        assertThat(kept).extracting(AuditRecord::number).doesNotHaveDuplicates();
    }

    private static AuditEntry of(String job, String id) {
        return new AuditEntry(id, TEN, "kim", "pause", Optional.of(job), "", "moved", Outcome.DONE, "");
    }
}
