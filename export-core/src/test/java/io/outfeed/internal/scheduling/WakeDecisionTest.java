package io.outfeed.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.internal.scheduling.WakeFacts.DueFire;
import io.outfeed.internal.scheduling.WakeFacts.OpenRun;
import io.outfeed.support.DecisionTable;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WakeDecisionTest {

    /** A line of the table: the values of the facts, in the order of their declaration, and the decision. */
    record Case(List<String> facts, WakeDecision decision) {

        static Case of(List<String> words) {
            return new Case(words.subList(0, words.size() - 1), WakeDecision.valueOf(words.get(words.size() - 1)));
        }

        WakeFacts wakeFacts() {
            return new WakeFacts(OpenRun.valueOf(facts.get(0)), flag(facts.get(1)), DueFire.valueOf(facts.get(2)));
        }

        private static boolean flag(String word) {
            assertThat(word).isIn("true", "false");
            return word.equals("true");
        }

        @Override
        public String toString() {
            return String.join(" ", facts) + " → " + decision;
        }
    }

    static Stream<Case> cases() {
        return DecisionTable.read(WakeDecisionTest.class, "wake-decisions.txt").stream()
                .map(Case::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_decide(Case line) {
        assertThat(WakeDecision.of(line.wakeFacts())).isEqualTo(line.decision());
    }

    @Test
    void should_have_a_line_for_every_pair_of_values_of_every_two_facts() {
        List<RecordComponent> facts = List.of(WakeFacts.class.getRecordComponents());
        List<Case> lines = cases().toList();

        assertThat(lines).allSatisfy(line -> assertThat(line.facts()).hasSameSizeAs(facts));
        for (int one = 0; one < facts.size(); one++) {
            for (int other = one + 1; other < facts.size(); other++) {
                assertThat(pairs(lines, one, other))
                        .as(
                                "values of %s and %s",
                                facts.get(one).getName(), facts.get(other).getName())
                        .containsExactlyElementsOf(pairs(facts.get(one), facts.get(other)));
            }
        }
    }

    private static Set<String> pairs(List<Case> lines, int one, int other) {
        Set<String> pairs = new TreeSet<>();
        lines.forEach(
                line -> pairs.add(line.facts().get(one) + " " + line.facts().get(other)));
        return pairs;
    }

    private static Set<String> pairs(RecordComponent one, RecordComponent other) {
        Set<String> pairs = new TreeSet<>();
        for (String first : values(one.getType())) {
            for (String second : values(other.getType())) {
                pairs.add(first + " " + second);
            }
        }
        return pairs;
    }

    private static List<String> values(Class<?> type) {
        if (type == boolean.class) {
            return List.of("true", "false");
        }
        assertThat(type.isEnum())
                .as("facts are flags or enums, unlike %s", type)
                .isTrue();
        return Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
    }

    @Test
    void should_have_a_line_for_every_decision() {
        Set<WakeDecision> decided = EnumSet.noneOf(WakeDecision.class);
        cases().forEach(line -> decided.add(line.decision()));

        decided.addAll(decided.stream().map(WakeDecision::blocked).toList());
        assertThat(decided).containsExactly(WakeDecision.values());
    }

    @ParameterizedTest
    @EnumSource
    void should_execute_nothing_while_an_incident_keeps_it_from_trying(WakeDecision decision) {
        assertThat(decision.blocked().executes()).isFalse();
        assertThat(decision.blocked() == decision).isEqualTo(!decision.executes());
    }

    @Test
    void should_decide_each_combination_once() {
        List<List<String>> combinations = new ArrayList<>();
        cases().forEach(line -> combinations.add(line.facts()));

        assertThat(combinations).doesNotHaveDuplicates();
    }
}
