package io.outfeed.s3.internal;

import io.outfeed.internal.connection.TrustedCertificates;
import io.outfeed.internal.failure.HostCalls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The client of one session, and its threads. Used by one thread; closing it ends the session's threads.
 *
 * <p>The SDK leaves its parser of XML in a variable of the thread that sends a request. Threads of a host may outlive
 * its class loader, which they would keep: requests are sent by threads of the session.
 */
final class S3Clients implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(S3Clients.class);

    /** Writes the headers that it signs, at DEBUG: the token of temporary credentials is one. */
    private static final String SIGNER = "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner";

    private final ExecutorService threads;
    private final ExecutorService timer;
    private final InterruptibleHttpClient http;
    private final Login login;
    private final S3Client client;

    private S3Clients(
            ExecutorService threads,
            ExecutorService timer,
            InterruptibleHttpClient http,
            Login login,
            S3Client client) {
        this.threads = threads;
        this.timer = timer;
        this.http = http;
        this.login = login;
        this.client = client;
    }

    /**
     * Sends nothing yet. The engine retries, so the SDK does not; checksums are those that this module sends.
     *
     * @throws IOException if the trusted certificates can't be read
     * @throws GeneralSecurityException as well
     */
    static S3Clients open(S3Server server) throws IOException, GeneralSecurityException {
        UrlConnectionHttpClient.Builder connections = UrlConnectionHttpClient.builder()
                .connectionTimeout(server.connectTimeout())
                .socketTimeout(server.answerTimeout());
        if (server.trustedCertificates() != null) {
            TrustManager trusted =
                    TrustedCertificates.managerOf(TrustedCertificates.read(server.trustedCertificates()));
            connections.tlsTrustManagersProvider(() -> new TrustManager[] {trusted});
        }
        if (LoggerFactory.getLogger(SIGNER).isDebugEnabled()) {
            log.warn("The logger {} writes session tokens at DEBUG: set it to INFO", SIGNER);
        }
        ExecutorService threads = Executors.newCachedThreadPool(S3Clients::thread);
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, S3Clients::thread);
        timer.setRemoveOnCancelPolicy(true);
        InterruptibleHttpClient http = new InterruptibleHttpClient(connections.build(), threads, server.isEncrypted());
        Login login = new Login(server.credentials());
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(server.region()))
                .forcePathStyle(server.pathStyle())
                .credentialsProvider(login)
                .httpClient(http)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .scheduledExecutorService(timer) // the SDK's own goes on until a request that was cut times out
                        .apiCallTimeout(server.requestTimeout()));
        if (server.endpoint() != null) {
            builder.endpointOverride(server.endpoint());
        }
        return new S3Clients(threads, timer, http, login, builder.build());
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "outfeed-s3");
        thread.setDaemon(true);
        return thread;
    }

    S3Client client() {
        return client;
    }

    /**
     * Sends a request by a thread of the session, and waits for the answer.
     *
     * @throws RuntimeException what the SDK throws; {@link AbortedException} if the waiting thread is interrupted:
     *     the request is cut then, and may be carried out all the same
     */
    <R> R call(Supplier<R> request) {
        if (Thread.currentThread().isInterrupted()) {
            throw AbortedException.create("interrupted before a request");
        }
        Map<String, String> context = MDC.getCopyOfContextMap();
        Future<R> answer = threads.submit(() -> {
            if (context != null) {
                MDC.setContextMap(context);
            }
            return request.get();
        });
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted while it waited for S3", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            } else if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a request throws no checked exception", e.getCause());
        }
    }

    @Override
    public void close() {
        client.close();
        http.close();
        login.close();
        threads.shutdownNow();
        timer.shutdownNow();
    }

    /** Tells a login that can't be had from a request that fails. */
    private static final class Login implements AwsCredentialsProvider, AutoCloseable {

        private final AwsCredentialsProvider provider;

        /** The chain of the SDK, which is of this session only; null if the host has given a provider. */
        private final @Nullable DefaultCredentialsProvider chain;

        Login(@Nullable AwsCredentialsProvider given) {
            if (given == null) {
                this.chain = DefaultCredentialsProvider.builder().build();
                this.provider = chain;
            } else {
                this.chain = null;
                this.provider = given;
            }
        }

        @Override
        public AwsCredentials resolveCredentials() {
            try {
                return provider.resolveCredentials();
            } catch (Throwable e) { // its message may have a secret
                throw new NoCredentialsException(HostCalls.redact(e));
            }
        }

        @Override
        public void close() {
            if (chain != null) {
                chain.close();
            }
        }
    }
}
