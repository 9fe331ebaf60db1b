package dev.clusterlab.simulator.docker.api;

import java.util.function.Function;
import java.util.function.Supplier;

/** What a call of the Docker Engine API came to. */
public sealed interface ApiResult<T> {
    /** It succeeded. */
    record Ok<T>(T value) implements ApiResult<T> {}

    /** It failed with this HTTP status; {@code message} is what the body {@code {"message": …}} says. */
    record Error<T>(int status, String message) implements ApiResult<T> {}

    static <T> ApiResult<T> ok(T value) {
        return new Ok<>(value);
    }

    static <T> ApiResult<T> error(int status, String message) {
        return new Error<>(status, message);
    }

    static <T> ApiResult<T> error(ApiException failure) {
        return new Error<>(failure.status(), failure.text());
    }

    /** What a call gives, or the error that it throws. */
    static <T> ApiResult<T> of(Supplier<T> call) {
        try {
            return ok(call.get());
        } catch (ApiException e) {
            return error(e);
        }
    }

    /** The result with its value changed; an error stays as it is. */
    default <R> ApiResult<R> map(Function<T, R> change) {
        return switch (this) {
            case Ok<T>(T value) -> ok(change.apply(value));
            case Error<T>(int status, String message) -> error(status, message);
        };
    }

    /** The value. Throws if the call failed. */
    default T orThrow() {
        return switch (this) {
            case Ok<T>(T value) -> value;
            case Error<T>(int status, String message) -> throw new ApiException(status, message);
        };
    }
}
