package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomnessTest {

    private static final int BLOCK = 4096;

    @Test
    void should_fill_a_range_only() {
        byte[] bytes = new byte[100];

        new Randomness().fill(bytes, 20, 40);

        assertThat(Arrays.copyOf(bytes, 20)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 60, 100)).containsOnly(0);
        assertThat(eights(Arrays.copyOfRange(bytes, 20, 60))).doesNotContain("0000000000000000");
    }

    /** Across the ends of blocks too. */
    @ParameterizedTest
    @ValueSource(ints = {8, 24, BLOCK - 8, BLOCK, BLOCK + 8, 3 * BLOCK + 8})
    void should_give_nothing_twice(int length) {
        Randomness random = new Randomness();
        List<String> given = new ArrayList<>();

        for (int i = 0; i < 4 * BLOCK / length + 3; i++) {
            byte[] bytes = new byte[length];
            random.fill(bytes);
            given.addAll(eights(bytes));
        }

        assertThat(given).doesNotHaveDuplicates().doesNotContain("0000000000000000");
    }

    @Test
    void should_give_each_its_own() {
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            byte[] bytes = new byte[8];
            new Randomness().fill(bytes);
            given.addAll(eights(bytes));
        }

        assertThat(given).hasSize(10);
    }

    @Test
    void should_have_all_values_of_a_byte_about_equally_often() {
        byte[] bytes = new byte[256 * BLOCK];
        new Randomness().fill(bytes);

        int[] counts = new int[256];
        for (byte each : bytes) {
            counts[each & 0xff]++;
        }

        assertThat(Arrays.stream(counts))
                .allMatch(count -> Math.abs(count - BLOCK) < BLOCK / 8); // eight standard deviations
    }

    private static List<String> eights(byte[] bytes) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i + 8 <= bytes.length; i += 8) {
            texts.add(HexFormat.of().formatHex(bytes, i, i + 8));
        }
        return texts;
    }
}
