/**
 * Replaces the SDK's event streams in the function's bundle, which only S3 Select and the like use. The SDK imports them
 * a second time dynamically, for which all that they share with the clients becomes a module that is read twice.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

export const eventStreamSerdeProvider = undefined;

export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are not in this bundle');
  }
}
