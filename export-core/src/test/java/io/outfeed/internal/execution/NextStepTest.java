package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.internal.execution.NextStep.Extent;
import io.outfeed.internal.execution.NextStep.Facts;
import io.outfeed.internal.execution.NextStep.Kind;
import io.outfeed.support.DecisionTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NextStepTest {

    /** A cell of the table. */
    record Case(FailureCode code, Extent extent, boolean expired, NextStep step) {

        static List<Case> of(List<String> words) {
            assertThat(words).hasSize(1 + 2 * Extent.values().length);
            List<Case> cases = new ArrayList<>();
            Iterator<String> columns = words.iterator();
            FailureCode code = FailureCode.valueOf(columns.next());
            for (Extent extent : Extent.values()) {
                cases.add(new Case(code, extent, false, NextStep.valueOf(columns.next())));
                cases.add(new Case(code, extent, true, NextStep.valueOf(columns.next())));
            }
            return cases;
        }

        @Override
        public String toString() {
            return code + " " + extent + (expired ? " expired" : "") + " → " + step;
        }
    }

    static Stream<Case> cases() {
        return DecisionTable.read(NextStepTest.class, "next-steps.txt").stream()
                .map(Case::of)
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_follow_a_failed_attempt(Case line) {
        Facts facts = new Facts(line.code(), Kind.EXPORT, line.extent(), line.expired());

        assertThat(NextStep.of(facts)).isEqualTo(line.step());
    }

    @Test
    void should_have_a_line_for_every_code_and_a_cell_for_every_step() {
        Set<FailureCode> codes = EnumSet.noneOf(FailureCode.class);
        Set<NextStep> steps = EnumSet.noneOf(NextStep.class);
        cases().forEach(line -> {
            codes.add(line.code());
            steps.add(line.step());
        });

        assertThat(codes).containsExactly(FailureCode.values());
        assertThat(steps).containsExactly(NextStep.values());
    }

    @ParameterizedTest
    @EnumSource
    void should_not_try_a_request_again(FailureCode code) {
        for (Extent extent : Extent.values()) {
            assertThat(NextStep.of(new Facts(code, Kind.REQUEST, extent, false)))
                    .isEqualTo(NextStep.END_FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_never_end_a_run_that_a_receiver_may_have_seen(FailureCode code) {
        for (boolean expired : new boolean[] {false, true}) {
            assertThat(NextStep.of(new Facts(code, Kind.EXPORT, Extent.PUBLISHING, expired)))
                    .isNotIn(NextStep.END_FAILED, NextStep.END_DEFERRED);
        }
    }
}
