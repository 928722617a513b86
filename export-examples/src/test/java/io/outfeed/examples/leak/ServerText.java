package io.outfeed.examples.leak;

import static org.assertj.core.api.Assertions.assertThat;

/** What the SFTP server says in refusals: it may be shown, but without control characters, and cut. */
final class ServerText {

    static final String SAID = "said by the SFTP server \u001b[31m\r\nforged line \u202e" + "x".repeat(20_000);

    private static final int MOST = 4_000;

    private ServerText() {}

    static void assertCleaned(String written) {
        assertThat(written)
                .doesNotContain("\u001b")
                .doesNotContain("\u202e")
                .doesNotContain("\nforged line")
                .doesNotContain("\rforged line")
                .doesNotContain("x".repeat(MOST));
    }
}
