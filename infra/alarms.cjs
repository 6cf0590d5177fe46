// osls reads a .cjs file of its own accord; the table is in alarms.ts.
module.exports = () => require('./alarms.ts').alarmResources();
