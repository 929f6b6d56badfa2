package dev.moonboot.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.moonboot.journal.TalosSaid;
import dev.moonboot.journal.TalosSaid.Level;
import dev.moonboot.rpc.pb.AddressEvent;
import dev.moonboot.rpc.pb.ConfigLoadErrorEvent;
import dev.moonboot.rpc.pb.ConfigValidationErrorEvent;
import dev.moonboot.rpc.pb.MachineStatusEvent;
import dev.moonboot.rpc.pb.MachineStatusEvent.MachineStage;
import dev.moonboot.rpc.pb.MachineStatusEvent.MachineStatus;
import dev.moonboot.rpc.pb.PhaseEvent;
import dev.moonboot.rpc.pb.SequenceError;
import dev.moonboot.rpc.pb.SequenceEvent;
import dev.moonboot.rpc.pb.ServiceStateEvent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads those of Talos's events that tell how a boot goes on. */
final class TalosEvents {
  private static final int MOST = 8;

  private TalosEvents() {}

  /**
   * What an event says; nothing for one that tells nothing of a boot, or of a kind that is not
   * known here.
   *
   * @throws InvalidProtocolBufferException when it is not what its name says
   */
  static Optional<TalosSaid> said(String client, Any data) throws InvalidProtocolBufferException {
    String type = data.getTypeUrl().substring(data.getTypeUrl().lastIndexOf('/') + 1);
    Optional<Said> said =
        switch (type) {
          case "machine.SequenceEvent" -> sequence(SequenceEvent.parseFrom(data.getValue()));
          case "machine.PhaseEvent" -> phase(PhaseEvent.parseFrom(data.getValue()));
          case "machine.ServiceStateEvent" -> service(ServiceStateEvent.parseFrom(data.getValue()));
          case "machine.ConfigLoadErrorEvent" ->
              config("load", ConfigLoadErrorEvent.parseFrom(data.getValue()).getError());
          case "machine.ConfigValidationErrorEvent" ->
              config("validate", ConfigValidationErrorEvent.parseFrom(data.getValue()).getError());
          case "machine.AddressEvent" -> address(AddressEvent.parseFrom(data.getValue()));
          case "machine.MachineStatusEvent" ->
              status(MachineStatusEvent.parseFrom(data.getValue()));
          default -> Optional.empty();
        };
    return said.map(s -> new TalosSaid(client, "events", s.what(), s.text(), s.level()));
  }

  private record Said(String what, String text, Level level) {}

  private static Optional<Said> said(String what, String text, Level level) {
    return Optional.of(new Said(what, text, level));
  }

  private static Optional<Said> sequence(SequenceEvent event) {
    String name = event.getSequence() + " sequence";
    if (event.hasError() && !event.getError().getMessage().isEmpty()) {
      boolean fatal = event.getError().getCode() == SequenceError.Code.FATAL;
      String text = name + ": " + event.getError().getMessage();
      return said("sequence", text, fatal ? Level.FAILED : Level.INFO);
    }
    return switch (event.getAction()) {
      case START -> said("sequence", name + " began", Level.INFO);
      case STOP -> said("sequence", name + " is done", Level.INFO);
      case NOOP, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static Optional<Said> phase(PhaseEvent event) {
    return event.getAction() == PhaseEvent.Action.START
        ? said("phase", "phase " + event.getPhase(), Level.INFO)
        : Optional.empty();
  }

  private static Optional<Said> service(ServiceStateEvent event) {
    return event.getAction() == ServiceStateEvent.Action.FAILED
        ? said("service", event.getService() + ": " + event.getMessage(), Level.ERROR)
        : Optional.empty();
  }

  private static Optional<Said> config(String what, String error) {
    return said(
        "config", "the machine config does not %s: %s".formatted(what, error), Level.FAILED);
  }

  private static Optional<Said> address(AddressEvent event) {
    String addresses =
        event.getAddressesList().stream().limit(MOST).collect(Collectors.joining(", "));
    return said("address", (event.getHostname() + " " + addresses).strip(), Level.INFO);
  }

  private static Optional<Said> status(MachineStatusEvent event) {
    String stage = event.getStage().name().toLowerCase(Locale.ROOT);
    if (event.getStage() != MachineStage.RUNNING) {
      return said("stage", stage, Level.INFO);
    }
    return event.getStatus().getReady()
        ? said("stage", "running and ready", Level.UP)
        : said("stage", "running, not ready: " + unmet(event.getStatus()), Level.ERROR);
  }

  private static String unmet(MachineStatus status) {
    List<MachineStatus.UnmetCondition> unmet = status.getUnmetConditionsList();
    return unmet.stream()
        .limit(MOST)
        .map(condition -> condition.getName() + ": " + condition.getReason())
        .collect(Collectors.joining("; "));
  }
}
