package io.outfeed.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            visits donors | false | true
            visits        | false | false
            visits        | true  | true
            ''            | false | true
            """)
    void should_tell_whether_it_may_touch_a_job(String jobs, boolean more, boolean touches) {
        List<String> names = jobs.isEmpty() ? List.of() : List.of(jobs.split(" "));
        Incident incident = new Incident(
                "i1",
                new IncidentScope(IncidentScope.Kind.SERVER, "sftp.lakeside.example:22"),
                FailureCode.DESTINATION_UNAVAILABLE,
                Incident.Step.CONNECT,
                "can't connect",
                Instant.EPOCH,
                Instant.EPOCH,
                1,
                names,
                more,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(incident.mayTouch("donors"::equals)).isEqualTo(touches);
    }
}
