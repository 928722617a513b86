package io.outfeed.sftp.internal.login;

import java.util.List;
import java.util.regex.Pattern;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordUpdateProvider;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** Answers one prompt, for the password, and records any other. */
final class PromptAnswers implements PasswordUpdateProvider, ChallengeResponseProvider {

    private static final Pattern PASSWORD_PROMPT = Pattern.compile(
            "(?!.*\\b(new|again|retype|old|current)\\b).*pass(word|code|phrase).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private volatile boolean newPasswordRequested;
    private volatile boolean otherPrompt;
    private volatile boolean answered;
    private final char @Nullable [] secret;

    PromptAnswers(char @Nullable [] secret) {
        this.secret = secret;
    }

    /** Whether the server wanted a new password. */
    boolean newPasswordRequested() {
        return newPasswordRequested;
    }

    /** Whether the server prompted for something else, or twice. */
    boolean otherPrompt() {
        return otherPrompt;
    }

    @Override
    public char[] provideNewPassword(@Nullable Resource<?> resource, String prompt) {
        newPasswordRequested = true;
        throw new SSHRuntimeException("the server wants a new password");
    }

    @Override
    public List<String> getSubmethods() {
        return List.of();
    }

    @Override
    @SuppressWarnings("rawtypes") // as sshj declares it
    public void init(@Nullable Resource resource, String name, String instruction) {
        // meant for a person
    }

    @Override
    public char[] getResponse(String prompt, boolean echo) {
        char[] answer = secret;
        if (answered
                || echo
                || answer == null
                || !PASSWORD_PROMPT.matcher(prompt).matches()) {
            otherPrompt = true;
            throw new SSHRuntimeException("the server asks for something else than a password");
        }
        answered = true;
        return answer.clone(); // sshj wipes it
    }

    @Override
    public boolean shouldRetry(@Nullable Resource<?> resource) {
        return false;
    }

    @Override
    public boolean shouldRetry() {
        return false;
    }
}
