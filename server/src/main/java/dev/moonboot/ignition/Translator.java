package dev.moonboot.ignition;

/** Makes Ignition configs of Butane ones. */
public interface Translator {
  /** The Ignition config, of spec 3.4.0; never throws: a fault is a reason, too. */
  Translation translate(String butane);

  /** One for an appliance that has no butane. */
  static Translator none() {
    return _ ->
        new Translation.Made(
            new Normalized.Unusable(
                "Butane needs the butane program: set provision.butane to its path"));
  }
}
