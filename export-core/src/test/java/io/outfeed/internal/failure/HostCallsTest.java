package io.outfeed.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCallsTest {

    @TempDir
    private Path directory;

    @Test
    void should_keep_what_the_jdk_says_of_files_and_connections() throws Exception {
        Throwable noFile = catchThrowable(() -> Files.readString(directory.resolve("absent")));
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Throwable refused = catchThrowable(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());

        assertThat(HostCalls.redact(noFile)).isSameAs(noFile);
        assertThat(HostCalls.redact(refused)).isSameAs(refused).isInstanceOf(ConnectException.class);
    }

    @Test
    void should_leave_out_what_may_quote_a_value() {
        Throwable ofJdk = catchThrowable(() -> Long.valueOf("secret"));
        IOException ofHost = new IOException("secret");
        IOException nested = catchThrowableOfFile();
        nested.addSuppressed(new IllegalStateException("secret"));

        assertThat(HostCalls.redact(ofJdk))
                .hasMessage("java.lang.NumberFormatException (its message is left out, since it may quote a record)");
        assertThat(HostCalls.redact(ofHost)).hasMessageStartingWith("java.io.IOException (its message is left out");
        assertThat(HostCalls.redact(nested))
                .hasMessageStartingWith("java.nio.file.NoSuchFileException: " + directory.resolve("absent"))
                .hasNoSuppressedExceptions();
    }

    private IOException catchThrowableOfFile() {
        return (IOException) catchThrowable(() -> Files.readString(directory.resolve("absent")));
    }

    @Test
    void should_keep_the_interrupt_of_a_thread_however_it_is_wrapped() {
        assertThatThrownBy(() -> HostCalls.callSource("can't read", "", () -> {
                    throw new IllegalStateException(new InterruptedException());
                }))
                .isInstanceOf(SourceException.class);
        assertThat(Thread.interrupted()).isTrue();

        assertThatThrownBy(() -> HostCalls.callDelivery("a", "can't write", () -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(DeliveryException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void should_tell_an_error_from_a_source_that_is_away() {
        assertThatThrownBy(() -> HostCalls.callSource("can't read", "", () -> {
                    throw new NoClassDefFoundError("Lost");
                }))
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.UNEXPECTED));
        assertThatThrownBy(() -> HostCalls.callDelivery("a", "can't write", () -> {
                    throw new NoClassDefFoundError("Lost");
                }))
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.UNEXPECTED));
        assertThatThrownBy(() -> HostCalls.callSource("can't read", "", () -> {
                    throw new OutOfMemoryError("expected by the test");
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }
}
