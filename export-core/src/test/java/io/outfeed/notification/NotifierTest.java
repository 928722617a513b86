package io.outfeed.notification;

import static io.outfeed.notification.TestIncidents.NOON;
import static io.outfeed.notification.TestIncidents.open;
import static io.outfeed.notification.TestIncidents.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentScope.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Of which incidents a notifier is given notices. */
class NotifierTest {

    private final List<Digest> sent = new ArrayList<>();

    private final Notifier operators = new Notifier() {
        @Override
        public String id() {
            return "operators";
        }

        @Override
        public void send(Digest digest) {
            sent.add(digest);
        }

        @Override
        public String toString() {
            return "mail to operators";
        }
    };

    @Test
    void should_be_given_all_at_first() {
        assertThat(operators.accepts(server(400))).isTrue();
    }

    @Test
    void should_be_given_those_of_its_jobs_and_of_the_engine() {
        Incident touching = server(2);
        String job = touching.jobs().get(0);
        Predicate<Incident> ofJob = operators.forJobs(job::equals)::accepts;
        Predicate<Incident> ofOther = operators.forJobs("other"::equals)::accepts;
        Incident store = open(Kind.STORE, "store", FailureCode.STORE_UNAVAILABLE, 0);

        assertThat(ofJob).accepts(touching, store);
        assertThat(ofOther).rejects(touching).accepts(store);
    }

    @Test
    void should_be_given_those_of_each_selection() throws Exception {
        Incident held = open(Kind.JOB, "visits", FailureCode.RUN_HELD, 0);
        Notifier some = operators
                .forIncidents(incident -> incident.code() != FailureCode.RUN_HELD)
                .forIncidents(incident -> incident.scope().kind() != Kind.SERVER);

        assertThat(some.accepts(held)).isFalse();
        assertThat(some.accepts(server(1))).isFalse();
        assertThat(some.accepts(open(Kind.STORE, "store", FailureCode.STORE_UNAVAILABLE, 0)))
                .isTrue();
        assertThat(some.id()).isEqualTo("operators");
        assertThat(some).hasToString("mail to operators");
        Digest digest = new Digest("d1", NOON, List.of(new Notice(Notice.Kind.OPENED, held)));
        some.send(digest);
        assertThat(sent).containsExactly(digest);
    }
}
