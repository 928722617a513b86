package io.outfeed.watermark;

import io.outfeed.support.Visit;
import io.outfeed.testing.contract.WatermarkContract;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** Every watermark of ours keeps the contract. */
class WatermarkContractTest {

    private static final Visit NINE = Visit.of(9, "", "2026-03-01T12:00:00Z");
    private static final Visit TEN = Visit.of(10, "", "2026-03-01T12:00:00.001Z");
    private static final Visit HUNDRED = Visit.of(100, "", "2026-03-01T12:00:01Z");

    private abstract static class OfVisits extends WatermarkContract<Visit> {

        @Override
        protected List<Visit> records() {
            return List.of(NINE, TEN, HUNDRED);
        }
    }

    @Nested
    class Timestamp extends OfVisits {

        @Override
        protected Watermark<Visit> watermark() {
            return Watermark.timestamp(Visit::updatedAt, Duration.ofMinutes(2));
        }
    }

    @Nested
    class ClosedDays extends OfVisits {

        @Override
        protected Watermark<Visit> watermark() {
            return Watermark.closedDays(Visit::updatedAt, ZoneId.of("Africa/Cairo"), Duration.ofMinutes(2));
        }
    }

    @Nested
    class Sequence extends OfVisits {

        @Override
        protected Watermark<Visit> watermark() {
            return Watermark.sequence(Visit::id, () -> 101);
        }
    }

    @Nested
    class FullSnapshot extends OfVisits {

        @Override
        protected Watermark<Visit> watermark() {
            return Watermark.fullSnapshot();
        }
    }
}
