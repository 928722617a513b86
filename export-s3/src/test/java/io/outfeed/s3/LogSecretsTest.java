package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * No log has a secret or the content of a file, whatever its level: those of the SDK neither. One logger of the SDK
 * writes session tokens at DEBUG, which is warned of.
 */
class LogSecretsTest {

    private static final String CANARY = "Canary, Clara; grade 4.0";
    private static final String SIGNER = "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner";
    private static final String WARNING = "io.outfeed.s3.internal.S3Clients The logger " + SIGNER
            + " writes session tokens at DEBUG: set it to INFO ";
    private static final String TOKEN = "session-token-of-the-test";

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLoggerName() + " " + event.getFormattedMessage() + " "
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    };

    @TempDir
    private Path directory;

    @BeforeEach
    void capture() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        root.detachAppender(appender);
        others.forEach(root::addAppender);
        root.setLevel(level);
    }

    private void assertNever(String secret) {
        assertThat(lines).as("captured lines").hasSizeGreaterThan(5);
        assertThat(lines).noneMatch(line -> line.contains(secret));
    }

    private void deliver(S3Delivery delivery) throws Exception {
        OutgoingFile file =
                TestFiles.file(directory, 41, "visits.csv", CANARY.repeat(1000).getBytes(UTF_8), IfExists.REPLACE);
        try (DeliverySession session = delivery.open()) {
            String location =
                    session.publish(session.prepare(file), file).orElseThrow().location();
            assertThat(session.sha256(location)).contains(file.file().sha256());
            assertThat(session.delete(location, file.file().bytes())).isNotNull();
        }
    }

    @Test
    void should_not_log_the_secret_or_the_content() throws Exception {
        deliver(server.delivery(bucket).build());
        deliver(server.delivery(bucket).multipartFrom(1).build());

        assertNever(ObjectServer.SECRET);
        assertNever("Canary");
        assertThat(lines).as("lines of the SDK").anyMatch(line -> line.startsWith("software.amazon.awssdk."));
    }

    @Test
    void should_not_log_a_session_token_where_the_login_is_refused() {
        S3Delivery delivery = S3Delivery.builder("lakeside", bucket)
                .endpointWithoutEncryption(server.endpoint())
                .pathStyle()
                .credentials(StaticCredentialsProvider.create(
                        AwsSessionCredentials.create("AKIAOTHER", "wrong-horse-battery", TOKEN)))
                .build();

        Throwable failure = catchThrowable(() -> deliver(delivery));
        root.warn("a delivery failed: {}", failure.getMessage(), failure);

        assertNever("wrong-horse-battery");
        assertThat(lines).contains(WARNING);
        lines.removeIf(line -> line.startsWith(SIGNER)); // which the warning is about
        assertNever(TOKEN);
    }
}
