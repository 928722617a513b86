package io.outfeed.sftp.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServerTextsTest {

    private static final String DIRTY = "a\r\nb\u001B[1m\u2028c\u202Ed";
    private static final String CLEAN = "a??b?[1m?c?d";

    private static List<SSHException> kinds() {
        return List.of(
                new SFTPException(StatusCode.QUOTA_EXCEEDED, DIRTY),
                new OpenFailException("session", OpenFailException.Reason.RESOURCE_SHORTAGE, DIRTY),
                new TransportException(DisconnectReason.TOO_MANY_CONNECTIONS, DIRTY),
                new ConnectionException(DisconnectReason.CONNECTION_LOST, DIRTY),
                new UserAuthException(DisconnectReason.ILLEGAL_USER_NAME, DIRTY),
                new SSHException(DisconnectReason.MAC_ERROR, DIRTY));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void should_keep_what_tells_failures_apart(SSHException dirty) {
        IOException clean = ServerTexts.cleaned((IOException) dirty);

        assertThat(clean).hasSameClassAs(dirty).hasMessage(CLEAN);
        assertThat(clean.getStackTrace()).isEqualTo(dirty.getStackTrace());
        assertThat(((SSHException) clean).getDisconnectReason()).isEqualTo(dirty.getDisconnectReason());
        if (dirty instanceof SFTPException answer) {
            assertThat(((SFTPException) clean).getStatusCode()).isEqualTo(answer.getStatusCode());
        }
        if (dirty instanceof OpenFailException refused) {
            assertThat(((OpenFailException) clean).getReason()).isEqualTo(refused.getReason());
        }
    }

    @Test
    void should_clean_the_causes() {
        EOFException end = new EOFException("end");
        IOException dirty = new IOException(new TransportException(DIRTY, new IllegalStateException(DIRTY, end)));

        IOException clean = ServerTexts.cleaned(dirty);

        assertThat(clean).hasMessage("java.io.IOException: net.schmizz.sshj.transport.TransportException: " + CLEAN);
        assertThat(clean)
                .cause()
                .isInstanceOf(TransportException.class)
                .hasMessage(CLEAN)
                .cause()
                .hasMessage("java.lang.IllegalStateException: " + CLEAN)
                .cause()
                .isSameAs(end);
    }

    @Test
    void should_leave_out_a_text_that_is_suppressed() {
        IOException failure = new IOException("plain");
        failure.addSuppressed(new IOException(DIRTY));

        assertThat(ServerTexts.cleaned(failure))
                .hasMessage("java.io.IOException: plain")
                .hasNoSuppressedExceptions();
    }

    @Test
    void should_return_a_clean_failure_as_it_is() {
        IOException clean = new TransportException("Größe 7 €, 日本", new EOFException());

        assertThat(ServerTexts.cleaned(clean)).isSameAs(clean);
    }

    @Test
    void should_cut_at_a_thousand_characters() {
        assertThat(ServerTexts.cleaned("x".repeat(1000))).hasSize(1000);
        assertThat(ServerTexts.cleaned("x".repeat(1001))).isEqualTo("x".repeat(1000) + "…");
    }

    @Test
    void should_end_where_causes_go_round_in_a_circle() {
        IOException first = new IOException(DIRTY);
        IOException second = new IOException("second", first);
        first.initCause(second);

        assertThat(ServerTexts.cleaned(first)).hasMessage("java.io.IOException: " + CLEAN);
    }
}
