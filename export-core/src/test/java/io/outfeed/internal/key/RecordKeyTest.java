package io.outfeed.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordKeyTest {

    @Test
    void should_be_cut_in_a_message() {
        assertThat(RecordKey.of(7).name()).isEqualTo("7");
        assertThat(RecordKey.of("k".repeat(100)).name()).isEqualTo("k".repeat(100));
        assertThat(RecordKey.of("😀".repeat(101)).name()).isEqualTo("😀".repeat(100) + "…");
    }
}
