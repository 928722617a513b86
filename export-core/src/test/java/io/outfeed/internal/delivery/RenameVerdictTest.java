package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.internal.delivery.RenameVerdict.Answer;
import io.outfeed.internal.delivery.RenameVerdict.Facts;
import io.outfeed.internal.delivery.RenameVerdict.Target;
import io.outfeed.internal.delivery.RenameVerdict.Temporary;
import io.outfeed.support.DecisionTable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RenameVerdictTest {

    /** A cell of the table. */
    record Case(Facts facts, RenameVerdict verdict) {

        static List<Case> of(List<String> words) {
            assertThat(words).hasSize(2 + Answer.values().length);
            List<Case> cases = new ArrayList<>();
            Iterator<String> cells = words.subList(2, words.size()).iterator();
            for (Answer answer : Answer.values()) {
                String[] cell = cells.next().split("/", 2);
                for (boolean mayBeDone : new boolean[] {false, true}) {
                    Facts facts =
                            new Facts(answer, Temporary.valueOf(words.get(0)), Target.valueOf(words.get(1)), mayBeDone);
                    cases.add(new Case(facts, RenameVerdict.valueOf(cell[mayBeDone ? cell.length - 1 : 0])));
                }
            }
            return cases;
        }

        @Override
        public String toString() {
            return facts + " → " + verdict;
        }
    }

    static Stream<Case> cases() {
        return DecisionTable.read(RenameVerdictTest.class, "rename-verdicts.txt").stream()
                .map(Case::of)
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_follow_the_request(Case line) {
        assertThat(RenameVerdict.of(line.facts())).isEqualTo(line.verdict());
    }

    @Test
    void should_have_a_line_for_all_facts_and_a_cell_for_each_verdict() {
        int facts = Answer.values().length * Temporary.values().length * Target.values().length * 2;

        assertThat(cases().map(Case::facts)).hasSize(facts).doesNotHaveDuplicates();
        assertThat(cases().map(Case::verdict).distinct()).containsExactlyInAnyOrder(RenameVerdict.values());
    }
}
