package io.outfeed.examples.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.examples.leak.Outlets.Written;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One thing fails in a host that uses all modules: no value of a record, no secret and no text that quotes one is in a
 * log at the finest level, in an exception, in the history, in an event, in a mail about it, or in a {@code toString};
 * what an operator needs is.
 */
@Timeout(60)
class LeakTest {

    @TempDir
    private Path home;

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void should_write_what_failed_and_no_value_and_no_secret(Fault fault) throws Exception {
        List<Written> written;
        try (Outlets outlets = new Outlets()) {
            try (Host host = new Host(home, fault, outlets)) {
                host.work();
            }
            written = outlets.all();
        }

        assertThat(written).anyMatch(text -> text.text().contains(fault.evidence));
        assertThat(written.stream().flatMap(text -> leaks(text, fault))).isEmpty();
        written.forEach(text -> ServerText.assertCleaned(text.text()));
    }

    private static Stream<String> leaks(Written written, Fault fault) {
        return Arrays.stream(Canary.values())
                .filter(canary -> canary != Canary.KEY || !fault.namesTheRecord)
                .filter(canary -> !isItsOwn(written, fault))
                .filter(canary -> canary.isIn(written.text()))
                .map(canary -> canary + " in " + written.outlet() + ": " + written.text());
    }

    /** An exception of the host's own store is thrown to the host as it is; in no log of this library. */
    private static boolean isItsOwn(Written written, Fault fault) {
        return fault == Fault.STORE_OF_THE_HOST && written.outlet().equals("exception");
    }
}
