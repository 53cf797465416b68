import { type Microphone, MicrophoneError } from "./talking";
import worklet from "./microphone.worklet.ts?worker&url";

const VOICE: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** The person's microphone, once they allow it. */
export async function openMicrophone(onSound: (samples: Float32Array) => void): Promise<Microphone> {
  const stream = await allowed();
  const context = new AudioContext();
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(worklet);
    const node = new AudioWorkletNode(context, "listener", { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => onSound(data);
    context.createMediaStreamSource(stream).connect(node);
    await context.resume();
  } catch (error) {
    close();
    throw error;
  }
  return { rate: context.sampleRate, close };
}

async function allowed(): Promise<MediaStream> {
  // Browsers hide the microphone from pages that came without HTTPS.
  if (!window.isSecureContext) throw new MicrophoneError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: VOICE });
  } catch (error) {
    const refused = error instanceof DOMException && error.name === "NotAllowedError";
    throw new MicrophoneError(refused ? "refused" : "missing");
  }
}
