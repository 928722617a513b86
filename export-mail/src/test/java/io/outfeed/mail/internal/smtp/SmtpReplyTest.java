package io.outfeed.mail.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpReplyTest {

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "450 4.7.1 greylisted,         DESTINATION_UNAVAILABLE, for now",
        "452 4.2.2 mailbox full,       DESTINATION_FULL,        for now",
        "552 5.2.2 mailbox full,       DESTINATION_FULL,        of servers that call it permanent",
        "550 5.1.1 no such user,       DESTINATION_MISSING,     a mailbox",
        "550 5.7.1 relaying denied,    PERMISSION_DENIED,       by policy",
        "530 5.7.0 login required,     LOGIN_REFUSED,           no login",
        "535 5.7.8 wrong password,     LOGIN_REFUSED,           a login",
        "554 rejected,                 DESTINATION_REFUSED,     no enhanced code",
    })
    void should_mean_what_its_codes_say(String answer, FailureCode expected, String meaning) {
        assertThat(reply(answer).kind()).as(meaning).isEqualTo(expected);
    }

    @Test
    void should_let_a_reply_decide_after_which_a_retry_may_help() {
        RecipientReplies replies = new RecipientReplies(2);
        replies.add(1, reply("550 5.1.1 no such user"));
        replies.add(2, reply("552 5.2.2 mailbox full"));

        assertThat(replies.decisive().codes()).isEqualTo("552 5.2.2");
    }

    private static SmtpReply reply(String answer) {
        return SmtpReply.of(Integer.parseInt(answer.substring(0, 3)), answer);
    }
}
