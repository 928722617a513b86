package io.outfeed.s3.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Ends a request when the thread that waits for it is interrupted: a socket of the JDK does not notice that.
 * Thread-safe.
 */
final class InterruptibleHttpClient implements SdkHttpClient {

    private final SdkHttpClient client;
    private final boolean encrypted;
    private final ExecutorService threads;

    /**
     * Makes a client.
     *
     * @param threads send the requests; they are not ended by the client
     * @param encrypted whether a request without encryption is refused, such as one to an address that a variable of
     *     the environment gives the SDK
     */
    InterruptibleHttpClient(SdkHttpClient client, ExecutorService threads, boolean encrypted) {
        this.client = client;
        this.threads = threads;
        this.encrypted = encrypted;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        boolean refused = encrypted && !"https".equals(request.httpRequest().protocol());
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        return new ExecutableHttpRequest() {

            @Override
            public HttpExecuteResponse call() throws IOException {
                if (refused) {
                    throw new UnencryptedRequestException();
                }
                return InterruptibleHttpClient.this.call(prepared);
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    private HttpExecuteResponse call(ExecutableHttpRequest request) throws IOException {
        Future<HttpExecuteResponse> answer = threads.submit(request);
        try {
            return answer.get();
        } catch (InterruptedException e) {
            request.abort();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while it waited for S3");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("the request failed", e.getCause());
        }
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
