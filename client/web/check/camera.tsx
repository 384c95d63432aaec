import { useEffect, useRef, useState } from 'preact/hooks';
import { UrnaError } from '../../../protocol/errors.ts';
import { Failure } from '../frame/failure.tsx';
import { useSpeech } from '../frame/visitor.ts';
import { readQr } from './read-qr.ts';

/** Milliseconds between two looks. */
const LOOK = 150;

interface CameraProps {
  readonly seen: (text: string) => void;
  readonly stop: () => void;
}

/** Looks through the device's camera until it sees a QR code. Nothing of the picture is kept or sent. */
export function Camera({ seen, stop }: CameraProps) {
  const { say } = useSpeech();
  const video = useRef<HTMLVideoElement>(null);
  const [error, setError] = useState<unknown>();
  const tell = useRef(seen);
  tell.current = seen;
  useEffect(() => {
    if (video.current === null) return undefined;
    const ending = new AbortController();
    look(video.current, ending.signal).then(
      (text) => text !== undefined && tell.current(text),
      (reason: unknown) => setError(reason),
    );
    return () => ending.abort();
  }, []);
  return (
    <div>
      {error === undefined ? (
        <>
          <p role="status">{say('checker.looking')}</p>
          <video class="camera" ref={video} muted playsInline aria-label={say('checker.camera-picture')} />
        </>
      ) : (
        <Failure error={error} />
      )}
      <p>
        <button type="button" onClick={stop}>
          {say('checker.camera-stop')}
        </button>
      </p>
    </div>
  );
}

/** The text of the first code that is seen; undefined if nobody wants to know any more. @throws `checker/camera` */
async function look(video: HTMLVideoElement, signal: AbortSignal): Promise<string | undefined> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    throw new UrnaError('checker/camera', 'there is no camera, or this page may not use it');
  }
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const { videoWidth: width, videoHeight: height } = video;
      const text = width > 0 ? await readQr({ source: video, width, height }, 'again') : undefined;
      if (text !== undefined) return text;
      await new Promise((done) => setTimeout(done, LOOK));
    }
    return undefined;
  } catch (error) {
    // The picture is taken away where the page has gone on.
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
  }
}
