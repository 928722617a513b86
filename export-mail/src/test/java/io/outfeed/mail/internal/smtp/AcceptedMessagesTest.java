package io.outfeed.mail.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptedMessagesTest {

    private final AcceptedMessages accepted = new AcceptedMessages();

    @Test
    void should_forget_the_oldest_when_there_are_too_many() {
        for (int i = 0; i <= 10_000; i++) {
            accepted.add("<" + i + "@vendor.example>");
        }

        assertThat(accepted.contains("<0@vendor.example>")).isFalse();
        assertThat(accepted.contains("<1@vendor.example>")).isTrue();
        assertThat(accepted.contains("<10000@vendor.example>")).isTrue();
    }

    @Test
    void should_forget_a_file_that_all_recipients_have() {
        accepted.add("<1@vendor.example>");
        accepted.add("<2@vendor.example>");

        accepted.removeAll(List.of("<1@vendor.example>"));

        assertThat(accepted.contains("<1@vendor.example>")).isFalse();
        assertThat(accepted.contains("<2@vendor.example>")).isTrue();
    }
}
