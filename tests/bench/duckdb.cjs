// duckdb.cjs - node duckdb.cjs DATABASE SQL... : run it, each in two threads.
//
// Prints "seconds S" and "cpu S", the time of the statements without node's own
// start, and then the value that the last one returned. The binding is looked for in
// $BENCH_DUCKDB, see lib.sh.
const path = require('path');
const { DuckDBInstance } = require(path.join(path.resolve(
    process.env.BENCH_DUCKDB), 'node_modules', '@duckdb', 'node-api'));

async function main([database, ...statements]) {
	const instance = await DuckDBInstance.create(database, { threads: '2' });
	const connection = await instance.connect();
	const before = process.cpuUsage();
	const start = process.hrtime.bigint();
	let result;

	for (const sql of statements)
		result = await connection.runAndReadAll(sql);
	const ns = process.hrtime.bigint() - start;
	const cpu = process.cpuUsage(before);
	console.log(`seconds ${Number(ns) / 1e9}`);
	console.log(`cpu ${(cpu.user + cpu.system) / 1e6}`);
	console.log(`${(result.getRows()[0] || [''])[0]}`);
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
