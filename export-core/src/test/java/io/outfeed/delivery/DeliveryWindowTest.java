package io.outfeed.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryWindowTest {

    /** Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October. */
    @ParameterizedTest
    @CsvSource(textBlock = """
                    # from, until, zone,        at,                   next opening
                    06:00, 08:00, UTC,           2026-03-02T05:59:59Z, 2026-03-02T06:00:00Z
                    06:00, 08:00, UTC,           2026-03-02T06:00:00Z, 2026-03-02T06:00:00Z
                    06:00, 08:00, UTC,           2026-03-02T07:59:59Z, 2026-03-02T07:59:59Z
                    06:00, 08:00, UTC,           2026-03-02T08:00:00Z, 2026-03-03T06:00:00Z
                    22:00, 02:00, UTC,           2026-03-02T23:00:00Z, 2026-03-02T23:00:00Z
                    22:00, 02:00, UTC,           2026-03-02T01:59:00Z, 2026-03-02T01:59:00Z
                    22:00, 02:00, UTC,           2026-03-02T02:00:00Z, 2026-03-02T22:00:00Z
                    22:00, 00:00, UTC,           2026-03-02T23:59:59Z, 2026-03-02T23:59:59Z
                    00:00, 06:00, UTC,           2026-03-02T06:00:00Z, 2026-03-03T00:00:00Z
                    # the day of the zone, which is before or behind that of UTC
                    06:00, 08:00, Pacific/Auckland, 2026-03-02T18:00:00Z, 2026-03-02T18:00:00Z
                    18:00, 20:00, America/Denver, 2026-03-03T02:00:00Z, 2026-03-03T02:00:00Z
                    06:00, 08:00, Europe/Berlin, 2026-03-02T04:00:00Z, 2026-03-02T05:00:00Z
                    06:00, 08:00, Europe/Berlin, 2026-03-29T03:30:00Z, 2026-03-29T04:00:00Z
                    # a window that begins in the hour that is skipped opens at the first instant after it
                    02:30, 04:00, Europe/Berlin, 2026-03-29T00:59:00Z, 2026-03-29T01:00:00Z
                    # a window that lies in the hour that is skipped does not open that day
                    02:15, 02:45, Europe/Berlin, 2026-03-28T02:00:00Z, 2026-03-30T00:15:00Z
                    22:00, 02:30, Europe/Berlin, 2026-03-29T01:00:00Z, 2026-03-29T20:00:00Z
                    # the hour that comes twice: open from the first 02:00 on
                    02:00, 03:00, Europe/Berlin, 2026-10-24T23:59:00Z, 2026-10-25T00:00:00Z
                    02:00, 03:00, Europe/Berlin, 2026-10-25T01:30:00Z, 2026-10-25T01:30:00Z
                    """)
    void should_open(LocalTime from, LocalTime until, String zone, Instant at, Instant next) {
        DeliveryWindow window = new DeliveryWindow(from, until, ZoneId.of(zone));

        assertThat(window.nextOpening(at)).isEqualTo(next);
        assertThat(window.isOpen(at)).isEqualTo(at.equals(next));
        assertThat(window.isOpen(next)).isTrue();
    }

    @Test
    void should_be_refused_if_it_never_opens() {
        LocalTime six = LocalTime.of(6, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DeliveryWindow(six, six, ZoneId.of("UTC")))
                .withMessage(
                        "a delivery window from 06:00 to 06:00 is never open: leave it out to deliver at any time");
    }
}
