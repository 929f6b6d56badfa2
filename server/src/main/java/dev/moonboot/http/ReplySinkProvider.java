package dev.moonboot.http;

import io.helidon.common.GenericType;
import io.helidon.common.media.type.MediaType;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http.spi.Sink;
import io.helidon.webserver.http.spi.SinkProvider;
import io.helidon.webserver.http.spi.SinkProviderContext;
import java.util.function.BiConsumer;

/** How Helidon finds {@link ReplySink}; named in {@code META-INF/services}. */
@SuppressWarnings("TypeParameterUnusedInFormals") // so Helidon declares it
public final class ReplySinkProvider implements SinkProvider<ReplySink.Exchange> {
  @Override
  public boolean supports(GenericType<? extends Sink<?>> type, ServerRequest request) {
    return type.equals(ReplySink.TYPE);
  }

  @Override
  @SuppressWarnings("unchecked") // Helidon asks only for the type that supports() accepted
  public <X extends Sink<ReplySink.Exchange>> X create(SinkProviderContext context) {
    return (X) new ReplySink(context);
  }

  @Override
  @Deprecated
  @SuppressWarnings("removal") // still abstract in Helidon 4.5
  public <X extends Sink<ReplySink.Exchange>> X create(
      ServerResponse response, BiConsumer<Object, MediaType> events, Runnable closed) {
    throw new UnsupportedOperationException("made from a context only");
  }
}
