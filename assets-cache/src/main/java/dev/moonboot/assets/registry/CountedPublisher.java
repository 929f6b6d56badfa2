package dev.moonboot.assets.registry;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A body that tells how much of it was taken to be sent. */
final class CountedPublisher implements BodyPublisher {
  private final BodyPublisher body;
  private final Transport.Payload.Sent sent;

  CountedPublisher(BodyPublisher body, Transport.Payload.Sent sent) {
    this.body = body;
    this.sent = sent;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> to) {
    body.subscribe(
        new Flow.Subscriber<>() {
          private long count;

          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer piece) {
            count += piece.remaining();
            sent.bytes(count);
            to.onNext(piece);
          }

          @Override
          public void onError(Throwable error) {
            to.onError(error);
          }

          @Override
          public void onComplete() {
            to.onComplete();
          }
        });
  }
}
